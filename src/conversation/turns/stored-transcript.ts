import type { InteractionRecord, MessageRecord } from '../records.ts';
import { stopFields, usageField } from './end-fields.ts';
import { runOf, storedAction, TOLD_ACTION, TOLD_OPENING, untold, type Told, type ToldEvent } from './told.ts';
import { Transcript, type EndEvent, type Sound } from './transcript.ts';

/** A turn as it is stored. */
export interface StoredTurn {
  conversation_id: string;
  interaction: Pick<InteractionRecord, 'id' | 'actions'> & {
    /** `null` for an interaction that was stored before shapes were. */
    told: Told | null;
    stopped: InteractionRecord['stopped'];
    /** The calls of models, of which the last event has the usage. */
    log?: Pick<InteractionRecord['log'], 'model_calls'>;
  };
  /** All messages of the interaction, in order. */
  messages: readonly Pick<MessageRecord, 'id' | 'type' | 'text' | 'sequence' | 'stopped'>[];
  /** True when the conversation ended with this turn. */
  completed: boolean;
  /** The sound of a spoken answer: all its samples, and when each character is heard where that is stored. */
  spoken?: { samples: Int16Array; times: readonly number[] | null };
}

/** The answer of a turn, of which pieces are taken in order. */
class Answer {
  readonly id: string;
  readonly text: string;
  readonly #spoken: StoredTurn['spoken'];
  #left: number;
  /** The amount that was taken: of the text in UTF-16 units, and of a spoken one in samples and in characters. */
  #units = 0;
  #samples = 0;
  #characters = 0;

  constructor({ id, text }: { id: string; text: string }, spoken: StoredTurn['spoken'], told: Told) {
    this.id = id;
    this.text = text;
    this.#spoken = spoken;
    this.#left = told.events.filter((event) => typeof event !== 'number' || event >= 0).length;
  }

  /** Adds the next piece to the log. What a cut has taken off the answer leaves its pieces shorter, or empty. */
  tell(transcript: Transcript, event: ToldEvent): void {
    this.#left -= 1;
    const final = this.#left === 0;
    if (typeof event === 'number' && this.#spoken === undefined) {
      const text = this.#take(event);
      transcript.say(this.id, text, final);
    } else {
      const [samples, characters] = typeof event === 'number' ? [event, event] : event;
      const text = this.#take(unitsOf(this.text, this.#units, characters));
      transcript.sound(this.id, text, this.#sound(samples, Array.from(text).length), final);
    }
  }

  #take(units: number): string {
    const text = this.text.slice(this.#units, this.#units + units);
    this.#units += text.length;
    return text;
  }

  #sound(count: number, characters: number): Sound {
    const { samples = new Int16Array(), times = null } = this.#spoken ?? {};
    const sound = {
      samples: samples.subarray(this.#samples, this.#samples + count),
      times: times?.slice(this.#characters, this.#characters + characters) ?? null,
    };
    this.#samples += sound.samples.length;
    this.#characters += characters;
    return sound;
  }
}

/** Returns the length in UTF-16 units of the next `count` characters of a text. */
function unitsOf(text: string, from: number, count: number): number {
  let at = from;
  for (let left = count; left > 0 && at < text.length; left -= 1)
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at - from;
}

/** Returns the log of a turn that is stored: the same events, byte for byte, as were told while it ran. */
export function storedTranscript(turn: StoredTurn): Transcript {
  const { conversation_id, interaction, messages, spoken } = turn;
  const answer = messages.findLast(({ type }) => type === 'agent-message');
  if (answer === undefined) throw new Error(`The interaction ${interaction.id} has no answer.`);
  const received = messages.filter(({ type }) => type === 'user-message' || type === 'external-event');
  const told = interaction.told ?? untold(received.length, interaction.actions.length);
  const run = runOf(told);
  const transcript = new Transcript({ conversation_id, interaction_id: interaction.id }, run);
  const anew = told.attempts.slice(run - 1);
  const pieces = new Answer(answer, spoken, told);
  const numActions = told.events.filter((event) => event === TOLD_ACTION).length;
  const openings = told.openings.values();
  let acted = 0;
  const beginAnew = () => {
    for (const first of anew) if (first === transcript.last + 1) transcript.beginAnew();
  };
  for (const event of told.events) {
    beginAnew();
    if (event === TOLD_OPENING) {
      const place = openings.next().value ?? 0;
      const { id = '', text = '' } = received[place] ?? {};
      transcript.open({ message_id: id, text, place });
    } else if (event === TOLD_ACTION) {
      const stored = storedAction(acted, numActions, interaction.actions.length);
      transcript.act(stored === null ? null : (interaction.actions[stored] ?? null));
      acted += 1;
    } else {
      pieces.tell(transcript, event);
    }
  }
  beginAnew();
  transcript.end(completeEvent(turn, answer));
  return transcript;
}

function completeEvent(
  { interaction, completed }: StoredTurn,
  answer: Pick<MessageRecord, 'id' | 'text' | 'stopped'>,
): EndEvent {
  return {
    type: 'interaction-complete',
    message_id: answer.id,
    interaction_id: interaction.id,
    full_message: answer.text,
    conversation_completed: completed,
    ...stopFields(interaction.stopped ?? answer.stopped),
    ...usageField(interaction.log?.model_calls ?? []),
  };
}
