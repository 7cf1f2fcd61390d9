/** The most bytes that the path of a Unix socket may have on this system: what `sockaddr_un` has room for. Node cuts off the rest without a word. */
export const longestSocketPathBytes = process.platform === "linux" ? 107 : 103;
