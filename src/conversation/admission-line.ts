/** A turn that is sent while its request is still being counted: the line that admits it follows in the same body. */

/** Header of a request whose body is the turn in one line, and a line that admits it. */
export const ADMISSION_FOLLOWS = { 'x-admission': 'follows' } as const;
/** The line that admits a turn. A body that ends or breaks without it is that of a refused request. */
export const ADMITTED = 'admitted\n';

/** A turn that was sent, and whether it is admitted. */
export interface Arriving<Turn> {
  turn: Turn;
  /** Resolves to false when the request was refused or its sender has died. */
  admitted: Promise<boolean>;
}

/** Reads the lines of a body. Those that are left when it breaks are not there. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n')) {
      yield text.slice(0, end);
      text = text.slice(end + 1);
    }
  }
}

async function hasLine(lines: AsyncGenerator<string, void>, expected: string): Promise<boolean> {
  try {
    const next = await lines.next();
    return next.done !== true && `${next.value}\n` === expected;
  } catch {
    return false;
  }
}

/** Reads a turn as it arrives: alone, or with its admission behind it. */
export async function readArriving<Turn>(request: Request): Promise<Arriving<Turn>> {
  if (request.body === null || !request.headers.has('x-admission')) {
    return { turn: await request.json<Turn>(), admitted: Promise.resolve(true) };
  }
  const lines = linesOf(request.body);
  const first = await lines.next();
  if (first.done === true) throw new Error('The body has no turn.');
  return { turn: JSON.parse(first.value) as Turn, admitted: hasLine(lines, ADMITTED) };
}
