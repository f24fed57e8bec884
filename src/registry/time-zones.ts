/**
 * Returns the error of a time zone's name, or null if it is valid. Valid names are those of the runtime's IANA
 * database, with links such as `US/Eastern`. Offsets such as `+02:00`, which `Intl` accepts too, are not names.
 */
export function timeZoneMessage(name: string): string | null {
  const unknown = `there is no time zone "${name}"`;
  if (!/^[A-Za-z]/.test(name)) return unknown;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    const isOtherCase = timeZone !== name && timeZone.toLowerCase() === name.toLowerCase();
    return isOtherCase ? `must be written "${timeZone}"` : null;
  } catch {
    return unknown;
  }
}
