import { LateModule } from '../../late-module.ts';
import { problem } from '../../problems.ts';
import { isBlank } from '../../text.ts';
import type { AgentInput } from '../agent-input.ts';
import type { Recordings } from '../recordings.ts';
import type { LiveTurn } from './live-turn.ts';
import { MessagePieces, TextSpeaker, type Speaker } from './speaker.ts';
import type { TakenSubmission, Turn } from './turn.ts';
import type { SpeakerParts } from './voice-speaker.ts';
import type { Voice } from './voice.ts';

/** The speaker of voice, which no written answer needs. */
const voiceSpeaker = new LateModule(() => import('./voice-speaker.ts'));

/** The parts that a spoken turn needs. */
export interface VoiceParts {
  voice: Voice;
  recordings: Recordings;
}

/** Transcribes every recording that the turn answers. Throws `message_empty` when one holds no words. */
export async function transcribeAll(
  turn: Turn,
  parts: VoiceParts,
  agent: AgentInput,
  signal: AbortSignal,
): Promise<void> {
  for (const taken of turn.taken) {
    if (taken.messageId === null) await transcribe(turn, taken, parts, agent, signal);
  }
}

async function transcribe(
  turn: Turn,
  taken: TakenSubmission,
  { voice, recordings }: VoiceParts,
  { agent, catalog }: AgentInput,
  signal: AbortSignal,
): Promise<void> {
  const { message } = taken.submission;
  if (message === null || !('recording' in message)) return;
  const { recording, type } = message;
  const bytes = await recordings.read(recording.key);
  const spoken = { bytes, content_type: recording.content_type };
  const text = await voice.transcribe(spoken, turn.record.identity, agent, catalog, signal);
  if (isBlank(text)) throw problem('message_empty', 'Nothing that was said could be heard in the recording.');
  signal.throwIfAborted();
  turn.transcribed(taken, type, text, recording);
}

/** Returns what tells the agent's message to the log, in the format that the turn asks for. Only voice has to be waited for. */
export function speakerOf(
  { turn, stopSignal, figures }: LiveTurn,
  { voice, recordings }: VoiceParts,
  { agent }: AgentInput,
  signal: AbortSignal,
): Speaker | Promise<Speaker> {
  const pieces = new MessagePieces(turn.transcript, turn.stamps, () => figures.spoke(Date.now()));
  if (turn.start.response_format === 'text') return new TextSpeaker(pieces);
  const { identity } = turn.record;
  const parts: SpeakerParts = {
    speak: (text) => voice.speak(text, identity, agent, AbortSignal.any([signal, stopSignal])),
    stop: stopSignal,
    keep: async (wav) => {
      signal.throwIfAborted();
      const key = recordings.begin(identity);
      turn.storing(key);
      const content_type = 'audio/wav';
      await recordings.store(key, wav, content_type);
      return { key, content_type };
    },
  };
  return voiceSpeaker.load().then(({ VoiceSpeaker }) => new VoiceSpeaker(pieces, parts));
}
