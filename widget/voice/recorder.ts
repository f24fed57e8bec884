/**
 * Records from the microphone. The browser records in a format of its own (Opus, AAC), which is decoded and resampled
 * afterwards: an audio worklet would need a script of its own, which a site's policy may not allow.
 */
import { encodeWav, SAMPLE_RATE } from './wav.ts';

/** The API takes no more in one message. */
const MAX_RECORDING_MS = 120_000;
/** Less is a touch of the button, not speech. */
const MIN_RECORDING_SECONDS = 0.3;

/** The reason for which there is no recording; each has its words. */
export class RecordingError extends Error {
  readonly reason: 'microphoneRefused' | 'tooShort';

  constructor(reason: RecordingError['reason'], cause?: unknown) {
    super(reason, { cause });
    this.name = 'RecordingError';
    this.reason = reason;
  }
}

async function microphone(): Promise<MediaStream> {
  try {
    // Pages that were not loaded over HTTPS have no `mediaDevices`, which throws as well.
    return await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
    });
  } catch (error) {
    throw new RecordingError('microphoneRefused', error);
  }
}

/** A recording in the browser's format as a WAV file at the API's rate. Throws `RecordingError` for one too short. */
async function toWav(recorded: Blob): Promise<Blob> {
  // The context only decodes: `decodeAudioData` brings what it reads to the context's rate, in all channels.
  const context = new OfflineAudioContext(1, 1, SAMPLE_RATE);
  const decoded = await recorded
    .arrayBuffer()
    .then((bytes) => context.decodeAudioData(bytes))
    .catch((error: unknown) => {
      throw new RecordingError('tooShort', error);
    });
  if (decoded.duration < MIN_RECORDING_SECONDS) throw new RecordingError('tooShort');
  // Rendered once more, which makes one channel of several.
  const mixer = new OfflineAudioContext(1, decoded.length, SAMPLE_RATE);
  const source = mixer.createBufferSource();
  source.buffer = decoded;
  source.connect(mixer.destination);
  source.start();
  const mono = await mixer.startRendering();
  return new Blob([encodeWav(mono.getChannelData(0))], { type: 'audio/wav' });
}

/** A recording in progress. */
export class Recording {
  readonly #stream: MediaStream;
  readonly #recorder: MediaRecorder;
  readonly #chunks: Blob[] = [];
  readonly #stopped: Promise<void>;

  private constructor(stream: MediaStream, onFull: () => void) {
    this.#stream = stream;
    this.#recorder = new MediaRecorder(stream);
    this.#recorder.addEventListener('dataavailable', ({ data }) => this.#chunks.push(data));
    const timer = setTimeout(onFull, MAX_RECORDING_MS);
    this.#stopped = new Promise((resolve) => {
      this.#recorder.addEventListener('stop', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.#recorder.start();
  }

  /** Begins to record, after the visitor has allowed it. `onFull` is called when no more can be recorded. */
  static async begin(onFull: () => void): Promise<Recording> {
    return new Recording(await microphone(), onFull);
  }

  async end(): Promise<Blob> {
    this.cancel();
    await this.#stopped;
    return toWav(new Blob(this.#chunks, { type: this.#recorder.mimeType }));
  }

  /** Ends it for nothing. The microphone is free at once, and its sign in the browser goes out. */
  cancel(): void {
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    for (const track of this.#stream.getTracks()) track.stop();
  }
}
