/**
 * Whisper reads the last 224 tokens of its prompt. Uncommon words take about three characters a token, so this much,
 * in characters, is heard.
 */
const MAX_PROMPT_CHARACTERS = 600;

/**
 * The words that are easy to get wrong, as the prompt of a transcription: as many of the first as fit, each once.
 * `undefined` when there are none.
 */
export function promptOf(keyterms: readonly string[]): string | undefined {
  let prompt = '';
  for (const term of new Set(keyterms.map((keyterm) => keyterm.trim()))) {
    if (term === '') continue;
    const longer = prompt === '' ? term : `${prompt}, ${term}`;
    if (longer.length > MAX_PROMPT_CHARACTERS) break;
    prompt = longer;
  }
  return prompt === '' ? undefined : prompt;
}
