import type { Span, SpanAttributes, Tracer } from '../../src/agent/tracer.ts';

/** A span as it was made. `ended` counts the calls of `end`. */
export interface RecordedSpan {
  name: string;
  attributes: SpanAttributes;
  failure: string | null;
  ended: number;
}

/** A tracer that keeps every span in the order of its beginning. */
export class RecordingTracer implements Tracer {
  readonly spans: RecordedSpan[] = [];

  span<T>(name: string, attributes: SpanAttributes, work: (span: Span) => T): T {
    const span: RecordedSpan = { name, attributes: { ...attributes }, failure: null, ended: 0 };
    this.spans.push(span);
    return work({
      set: (more) => void Object.assign(span.attributes, more),
      fail: (type) => void (span.failure = type),
      end: () => void (span.ended += 1),
    });
  }
}
