/** Answers that repeat the prompt, as models do that only go on with a text. Pure. */

/** The begin of a message of the prompt that an answer must have to be its repetition, in UTF-16 units. */
const ECHO_LENGTH = 32;

/** Returns the begins of instructions and questions by which a repetition is known. The output of a tool may be repeated. */
export function beginsOf(prompt: readonly { role: string; content: string | null }[]): string[] {
  return prompt.flatMap(({ role, content }) => {
    const begin =
      role === 'assistant' || role === 'tool' ? '' : (content ?? '').trimStart().slice(0, ECHO_LENGTH);
    return begin.length === ECHO_LENGTH ? [begin] : [];
  });
}

/** Tells whether an answer repeats the prompt; 'more' while it is too short to tell. */
export function isEcho(answer: string, begins: readonly string[], ended: boolean): boolean | 'more' {
  const begun = answer.slice(0, ECHO_LENGTH);
  if (begun.length === ECHO_LENGTH) return begins.includes(begun);
  return !ended && begun !== '' && begins.some((begin) => begin.startsWith(begun)) ? 'more' : false;
}
