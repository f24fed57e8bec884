/**
 * Maximum length of a prompt in characters. Whisper reads the last 224 tokens, and a token of uncommon words has about
 * three characters.
 */
const MAX_PROMPT_CHARACTERS = 600;

/**
 * Returns the prompt of a transcription: key terms separated by commas, as many of the first as fit, each once.
 * Undefined if there are none.
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
