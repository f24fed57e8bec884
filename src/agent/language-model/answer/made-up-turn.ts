/** Turns of the user that a model makes up behind its message: "User: Thanks!". Pure. */

const NAMES = ['user', 'human', 'instruction'];
const UNFINISHED = /^(?:user|human|instruction)[*_]{0,2}\s?$/;
const LINE = /^([#*_>\s]{0,6})(user|human|(?<=#{2,3} )instruction)[*_]{0,2}\s?[:：]/i;
const OWN = ['assistant', 'agent', 'ai', 'bot', 'model'];

/** Tells whether a line begins a turn of the user. */
export function beginsTurn(line: string): boolean {
  return LINE.test(line);
}

/** Tells whether an unfinished line may begin a turn of the user. */
export function mayBeginTurn(line: string): boolean {
  const plain = line.replace(/^[#*_>\s]{0,6}/, '').toLowerCase();
  return plain !== '' && (UNFINISHED.test(plain) || NAMES.some((name) => name.startsWith(plain)));
}

/**
 * Tells whether a text behind a message is made up. It begins with a line that `beginsTurn`. It is a part of the message
 * where it may be data, as in "User: maya" above "Password: …": it is made up when the agent answers in it, when it is
 * the turn of a "Human", or when it is a single line that is set off. `isSetOff` tells that a blank line is before it.
 */
export function isMadeUp(text: string, isSetOff: boolean, speaker: string): boolean {
  const [, decoration = '', name = ''] = LINE.exec(text) ?? [];
  if (/^(?:human|instruction)$/i.test(name)) return true;
  // A name with nothing behind it is a turn that was cut off.
  if (/^[^:：]{0,30}[:：][\s*_]*$/.test(text)) return true;
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const own = [...OWN, speaker.trim().toLowerCase()].filter((word) => word !== '');
  const isAnswered = lines.slice(1).some((line) => {
    const plain = line.replace(/^[#*_>\s]{0,6}/, '').toLowerCase();
    return own.some((word) => plain.startsWith(word) && /^[*_]{0,2}\s?[:：]/.test(plain.slice(word.length)));
  });
  return isAnswered || (lines.length === 1 && (isSetOff || decoration.trim() !== ''));
}
