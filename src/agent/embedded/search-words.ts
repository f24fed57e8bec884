/** Common words of English. A search leaves them out, because they match any memory. */
const COMMON_WORDS = new Set(
  (
    'a about again all also am an and any are as at be been but by can could did do does for from had has have he her him his ' +
    'how i if in into is it its just know like me my of on or our please s she so t that the their them then there they this to ' +
    'user us was we were what when where which who why will with would you your'
  ).split(' '),
);

/**
 * The words of a query that tell what is looked for. "What do you know about the knee?" looks for the knee; "the" and
 * "to" would find any memory. Empty when no word is left.
 */
export function searchWords(query: string): string {
  const words = query.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !COMMON_WORDS.has(word.toLowerCase())).join(' ');
}
