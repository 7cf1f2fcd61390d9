export function validateDist(folder: string, isCurrent: boolean): readonly string[];
