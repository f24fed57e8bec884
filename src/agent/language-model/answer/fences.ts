/** Code fences around a text. Pure. */

/** Returns a text without the fence around it: three backticks with the name of a language, and three at the end. */
export function unfenced(text: string): string {
  let bare = text.trim();
  if (bare.startsWith('```')) bare = bare.replace(/^`{3}\w{0,20}/, '').trimStart();
  if (bare.endsWith('```')) bare = bare.slice(0, -3).trimEnd();
  return bare;
}
