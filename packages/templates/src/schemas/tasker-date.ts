const form =
  /^[-+]?(\d+)-(\d{1,2})-(\d{1,2})[Tt ]\s*(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?\s*(?:[Zz]|UTC|[-+\u2212](\d\d)\s*:?\s*(\d\d))$/;

/** Whether Tasker reads a text as a date, which has a time and a zone. */
export function isTaskerDate(text: string): boolean {
  const found = form.exec(text);
  if (found === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ...zone] = found
    .slice(1)
    .filter((part?: string) => part !== undefined)
    .map(Number);
  const [zoneHours = 0, zoneMinutes = 0] = zone;
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
  // A leap second is second 60.
  const isTime = hour < 24 && minute < 60 && second <= 60;
  return isDay && isTime && zoneHours < 24 && zoneMinutes < 60;
}

function daysOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
