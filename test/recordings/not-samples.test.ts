/** Recordings that are announced as bare samples: other content is refused, samples are accepted. */
import { describe, expect, it } from 'vitest';
import { MP3_MPEG2 } from '../fixtures/recordings.ts';
import { ascii, concat, CONFIGS, noise, PCM16, PCM32, readWav, take, wav } from '../support/recordings.ts';

const PCM = [
  { config: PCM16, width: 2 },
  { config: PCM32, width: 4 },
];
const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string, bigEndian = false) =>
  Uint8Array.from(
    Array.from(text).flatMap((letter) => {
      const code = letter.charCodeAt(0);
      return bigEndian ? [code >> 8, code & 0xff] : [code & 0xff, code >> 8];
    }),
  );
const isJson = {
  ok: false,
  code: 'recording_unsupported',
  detail: expect.stringContaining('TypeScript client') as string,
};
const isText = {
  ok: false,
  code: 'recording_unsupported',
  detail: 'This is text. Send WAV, MP3, FLAC or PCM samples.',
};
const PROSE = 'Guten Tag, ich möchte einen Termin für Dienstag um 10~15 Uhr.\r\n';

describe('text under a configuration of samples', () => {
  it.each<[string, Uint8Array]>([
    ['an error of a microphone', utf8('{"error":"no microphone"}')],
    ['an empty object', utf8('{}')],
    ['a list of numbers', utf8(`[${Array.from({ length: 9_000 }, (_, index) => index % 256).join(',')}]`)],
    ['an object of numbers, as a typed array becomes', utf8(`{"0":82,"1":73${',"2":70'.repeat(4_000)}}`)],
    ['JSON with white space in front', utf8('\n  { "recorded_message": {} }')],
  ])('%s is JSON, and the refusal says what to send', (_, recording) => {
    for (const config of CONFIGS) {
      expect(take(config, recording)).toEqual(isJson);
      expect(take(config, recording, [7])).toEqual(isJson);
    }
  });

  it.each<[string, Uint8Array]>([
    ['two words', utf8('no sound')],
    ['one letter', utf8('a')],
    ['prose', utf8(PROSE.repeat(200))],
    ['Japanese', utf8('録音はありません。'.repeat(500))],
    ['Arabic behind a byte order mark', utf8('\ufeffلا يوجد صوت')],
    ['a page', utf8('<!doctype html><html><title>502 Bad Gateway</title></html>')],
    ['XML', utf8('<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>')],
    ['CSV', utf8('time,value\n0.1,42\n'.repeat(900))],
    ['base64', utf8(Buffer.from(noise(30_000)).toString('base64'))],
    ['a data URL', utf8(`data:audio/wav;base64,${Buffer.from(wav(noise(9_000))).toString('base64')}`)],
    ['hexadecimal', utf8(Buffer.from(noise(9_000)).toString('hex'))],
    ['a form that was encoded', utf8('recorded_message=RIFF%24%00&initial_message_type=user-message')],
    ['a log with colours', utf8('\u001b[31merror\u001b[0m no device\n'.repeat(80))],
    ['UTF-16 with a mark', concat(Uint8Array.of(0xff, 0xfe), utf16(PROSE.repeat(20)))],
    ['UTF-16, big-endian, with a mark', concat(Uint8Array.of(0xfe, 0xff), utf16(PROSE.repeat(20), true))],
    ['UTF-16 without a mark', utf16('There is no microphone here. '.repeat(40))],
    ['Latin-1', Uint8Array.from(Buffer.from(PROSE.repeat(40), 'latin1'))],
    // "Добрый день, я хочу записаться на приём" in Windows-1251.
    [
      'Windows-1251',
      concat(
        ...Array.from({ length: 60 }, (_, index) =>
          concat(
            Uint8Array.from({ length: 32 }, (_unused, at) => 0xc0 + ((at * 7 + index) % 64)),
            ascii(', 12. '),
          ),
        ),
      ),
    ],
  ])('%s is refused', (_, recording) => {
    for (const config of CONFIGS) {
      expect(take(config, recording)).toEqual(isText);
      expect(take(config, recording, [1_021])).toEqual(isText);
    }
  });
});

describe('another file under a configuration of samples', () => {
  const behind = noise(9_000);
  it.each<[string, Uint8Array]>([
    ['a PNG image', ascii('\u0089PNG\r\n\u001a\n\0\0\0\rIHDR')],
    ['a JPEG image', ascii('\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF\0')],
    ['a JPEG image', ascii('\u00ff\u00d8\u00ff\u00e1\u001f\u00ffExif\0\0')],
    ['a JPEG image', ascii('\u00ff\u00d8\u00ff\u00db\0C\0')],
    ['a GIF image', ascii('GIF89a\u0010\0\u0010\0')],
    ['a BMP image', ascii('BM\u0036\u0010\0\0\0\0\0\0\u0036\0\0\0\u0028\0\0\0')],
    ['a TIFF image', ascii('II*\0\u0008\0\0\0')],
    ['a PDF document', ascii('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n')],
    ['a ZIP archive or an office document', ascii('PK\u0003\u0004\u0014\0\0\0\u0008\0')],
    ['a gzip archive', ascii('\u001f\u008b\u0008\0\u0012\u0034\u0056\u0078\0\u0003')],
    ['a bzip2 archive', ascii('BZh91AY&SY')],
    ['an xz archive', ascii('\u00fd7zXZ\0\0\u0004')],
    ['a Zstandard archive', ascii('\u0028\u00b5\u002f\u00fd\u0004')],
    ['a 7z archive', ascii('7z\u00bc\u00af\u0027\u001c\0\u0004')],
    ['a RAR archive', ascii('Rar!\u001a\u0007\u0001\0')],
    ['a tar archive', concat(ascii('recording.wav'), new Uint8Array(244), ascii('ustar\0'))],
    ['a document of an older office program', ascii('\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1')],
    ['a program', ascii('\u007fELF\u0002\u0001\u0001')],
    ['a program', ascii('\0asm\u0001\0\0\0')],
    ['a database', ascii('SQLite format 3\0\u0010\0')],
    ['a Flash video', ascii('FLV\u0001\u0005\0\0\0\t')],
    ['an MPEG video', ascii('\0\0\u0001\u00ba\u0044\0')],
    ['a SILK file', ascii('\u0002#!SILK_V3')],
    ['a WavPack file', ascii('wvpk\u0010\0\0\0')],
    ['a Creative Voice file', ascii('Creative Voice File\u001a\u001a\0')],
    ['a NIST SPHERE file', ascii('NIST_1A\n   1024\n')],
    ['a MIDI file', ascii('MThd\0\0\0\u0006')],
    ['a DSD file', ascii('FRM8\0\0\0\0\0\0\u0010\0DSD ')],
  ])('it is %s', (what, head) => {
    const recording = concat(head, behind);
    const expected = {
      ok: false,
      code: 'recording_unsupported',
      detail: `This is ${what}. Send WAV, MP3, FLAC or PCM samples.`,
    };
    for (const config of CONFIGS) {
      expect(take(config, recording)).toEqual(expected);
      expect(take(config, recording, [5])).toEqual(expected);
    }
  });

  it('is recognized as a transport stream by its packets', () => {
    const packets = noise(188 * 10).map((byte, at) => (at % 188 === 0 ? 0x47 : byte));
    expect(take(PCM16, packets)).toMatchObject({
      detail: expect.stringContaining('an MPEG video') as string,
    });
  });
});

describe('a recording after other bytes', () => {
  it('is found within 4 KB: a WAV file', () => {
    const recording = wav(noise(9_000));
    for (const before of [1, 15, 128, 4_096]) {
      for (const config of CONFIGS) {
        const made = concat(new Uint8Array(before), recording);
        expect(take(config, made)).toMatchObject({ ok: true, stored: recording });
        expect(take(config, made, [11])).toMatchObject({ ok: true, stored: recording });
      }
    }
    expect(take(null, concat(new Uint8Array(4_097), recording))).toMatchObject({ ok: false });
  });

  it('is found within 4 KB: MP3', () => {
    for (const before of [1, 15, 128, 3_000]) {
      for (const config of CONFIGS) {
        const made = concat(new Uint8Array(before), MP3_MPEG2);
        expect(take(config, made)).toEqual({ ok: true, content_type: 'audio/mpeg', stored: made });
      }
    }
  });
});

describe('the content type of what may be samples', () => {
  const samples = noise(9_000);

  it.each([
    null,
    '',
    'application/octet-stream',
    'binary/octet-stream',
    'application/x-www-form-urlencoded',
    'audio/pcm',
    'audio/L16; rate=16000',
    'audio/wav',
    'Audio/X-WAV',
    'audio/basic',
  ])('%s does not contradict samples', (declared) => {
    for (const { config, width } of PCM) {
      const taken = take(config, samples, [Infinity], declared);
      expect(taken.ok && readWav(taken.stored).samples).toEqual(
        samples.subarray(0, samples.length - (samples.length % width)),
      );
    }
  });

  it.each([
    'text/plain; charset=utf-8',
    'text/html',
    'image/png',
    'video/mp4',
    'application/pdf',
    'application/zip',
    'multipart/mixed',
    'audio/webm;codecs=opus',
    'audio/mp4',
    'audio/mpeg',
    'audio/aac',
    'audio/x-m4a',
    'audio/amr-wb',
  ])('%s contradicts samples', (declared) => {
    for (const { config } of PCM) {
      expect(take(config, samples, [Infinity], declared)).toEqual({
        ok: false,
        code: 'recording_unsupported',
        detail: expect.stringContaining('content type') as string,
      });
    }
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'application/problem+json'])(
    '%s contradicts samples, and the refusal says what to send',
    (declared) => {
      for (const config of CONFIGS) expect(take(config, samples, [Infinity], declared)).toEqual(isJson);
      expect(take(null, utf8('"UklGRiQ="'), [Infinity], declared)).toEqual(isJson);
    },
  );

  it('does not matter if the content has a known format', () => {
    for (const declared of ['application/json', 'text/plain', 'image/png', 'audio/aac']) {
      for (const config of CONFIGS) {
        for (const recording of [wav(samples), MP3_MPEG2]) {
          expect(take(config, recording, [Infinity], declared)).toEqual(take(config, recording));
        }
      }
    }
  });
});
