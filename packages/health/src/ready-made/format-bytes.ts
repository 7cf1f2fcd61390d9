const units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** For a person: `12.3 GiB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  const amount = bytes / 1_024 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)} ${units[power]}`;
}
