/** Words by which users take back what they have just said, and say it anew: "ants. No wait, wasps". English. */

const TAKES_BACK =
  /(?<=[\p{L}\d'’])[\s,.;!?…–—-]{1,5}(?:(?:oh |ah )?(?:no|sorry|oops|hang on|hold on|wait)[\s,.!…]{1,4}){1,3}(?:(?:wait|sorry|make (?:that|it)|i (?:mean|meant)|actually|rather)\b[\s,.!…]{0,4}){1,3}(?=[\p{L}\d])|(?<=[\p{L}\d'’])[\s,.;!?…–—-]{1,5}(?:i (?:mean|meant)|scratch that|strike that|correction)\b[\s,.:!…]{1,4}(?=[\p{L}\d])/giu;

/** Words that say nothing that could be taken back. */
const NOTHING_SAID =
  /^(?:[\s,.!…]{0,5}\b(?:oh|ah|no|sorry|oops|well|so|but|and|hm+|um+|uh+|wait|ok|okay|hang on|hold on)\b){0,6}[\s,.!…]{0,5}$/i;

/** Returns what a text says behind the words by which it takes back what was said before them; null without such words. */
export function saidAnew(text: string): string | null {
  const last = [...text.matchAll(TAKES_BACK)].at(-1);
  if (last === undefined || NOTHING_SAID.test(text.slice(0, last.index))) return null;
  return text.slice(last.index + last[0].length);
}
