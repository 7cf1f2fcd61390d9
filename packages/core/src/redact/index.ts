export { MASK } from "./mask.js";
export { formatPath, type PathSegment } from "./path.js";
