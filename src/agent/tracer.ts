/**
 * Spans of a turn: the port that the engine's callers and the model calls report to. Names and attributes follow the
 * conventions of OpenTelemetry for generative AI (`gen_ai.*`). No attribute has text of users, agents or providers.
 */

/** Attributes of a span. Undefined ones are left out. */
export type SpanAttributes = Record<string, string | number | boolean | undefined>;

/** A span that has begun. It is ended once; what is set later has no effect. */
export interface Span {
  set(attributes: SpanAttributes): void;
  /** Marks the span as failed. `type` is a stable code, such as `rate-limited`. */
  fail(type: string): void;
  end(): void;
}

/** Begins spans. */
export interface Tracer {
  /** Runs `work` inside a new span: spans that begin in it are its children. The span stays open until it is ended. */
  span<T>(name: string, attributes: SpanAttributes, work: (span: Span) => T): T;
}

const NO_SPAN: Span = { set: () => undefined, fail: () => undefined, end: () => undefined };

/** A tracer that keeps nothing. */
export const noTracer: Tracer = { span: (_name, _attributes, work) => work(NO_SPAN) };
