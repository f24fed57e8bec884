/** The stop of a turn, and the part of its answer that is kept. Pure. */
import { durationMs } from '../../speech/alignment.ts';
import { SAMPLE_RATE } from '../../speech/ports.ts';

/**
 * The phase of a request. `waiting` stands in the line, `hearing` understands its recording, `walking` chooses,
 * passes states and calls tools, `speaking` has sent the first piece of the answer.
 */
export type TurnPhase = 'waiting' | 'hearing' | 'walking' | 'speaking' | 'committing' | 'committed' | 'void';

/**
 * The effect of a stop: `leave` takes the request out of the line, `void` gives the turn up and stores nothing, `cut` commits
 * what was said, `nothing` comes too late, and `missing` finds no such turn.
 */
export type StopEffect = 'leave' | 'void' | 'cut' | 'nothing' | 'missing';

const EFFECTS: Readonly<Record<TurnPhase, StopEffect>> = {
  waiting: 'leave',
  hearing: 'void',
  walking: 'void',
  speaking: 'cut',
  committing: 'nothing',
  committed: 'nothing',
  void: 'missing',
};

/** Returns what a stop does to a turn of a phase. */
export function stopEffect(phase: TurnPhase): StopEffect {
  return EFFECTS[phase];
}

/**
 * The part of an answer that reached the user, as the client says: characters (code points) of its text, or milliseconds of
 * its sound. `null`: all that was sent.
 */
export type Heard = { characters: number } | { milliseconds: number } | null;

/** Returns the first `count` characters (code points) of a text. */
function firstCharacters(text: string, count: number): string {
  let at = 0;
  for (let left = count; left > 0 && at < text.length; left -= 1)
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return text.slice(0, at);
}

/**
 * Returns what is kept of a written answer of which `sent` was sent. Milliseconds say nothing about a text, which is
 * read at the reader's pace: then all that was sent is kept.
 */
export function heardText(sent: string, heard: Heard): string {
  return heard !== null && 'characters' in heard ? firstCharacters(sent, heard.characters) : sent;
}

/** The part of a spoken answer that is kept. */
export interface HeardSpeech {
  text: string;
  /** The number of samples, from the first one. */
  samples: number;
  /** The number of characters of the text, and so entries of the alignment. */
  characters: number;
}

/** A spoken answer as far as it was sent. */
export interface SentSpeech {
  text: string;
  samples: number;
  /** When each character of `text` is heard, in milliseconds since the beginning; they never fall. */
  times: readonly number[];
}

/**
 * Returns what is kept of a spoken answer: the sound until the moment that was heard last, and the characters that begin
 * before it. Characters as a measure mean the sound until the next one begins.
 */
export function heardSpeech({ text, samples, times }: SentSpeech, heard: Heard): HeardSpeech {
  const all = Array.from(text).length;
  if (heard === null) return { text, samples, characters: all };
  let characters: number;
  let until: number;
  if ('characters' in heard) {
    characters = Math.min(Math.floor(heard.characters), all);
    until = characters === all ? Infinity : (times[characters] ?? Infinity);
  } else {
    until = heard.milliseconds;
    characters = until >= durationMs(samples) ? all : countBefore(times, until);
  }
  return {
    text: firstCharacters(text, characters),
    samples: Math.min(samples, Math.floor((until * SAMPLE_RATE) / 1000)),
    characters,
  };
}

/** Returns how many of the times, which never fall, lie before a moment. */
function countBefore(times: readonly number[], moment: number): number {
  const at = times.findIndex((time) => time >= moment);
  return at === -1 ? times.length : at;
}
