/**
 * Says what is wrong with the name of a time zone, or null. The names are those of the IANA database that the runtime
 * carries, links such as `US/Eastern` among them. Offsets such as `+02:00`, which `Intl` takes as well, are no names.
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
