import { tracing } from 'cloudflare:workers';
import type { Span as AgentSpan, SpanAttributes, Tracer } from '../../agent/tracer.ts';
import { logError } from '../../log.ts';

/** The part of the platform's tracing that is used. */
interface Platform {
  startActiveSpan: <T>(name: string, work: (span: PlatformSpan) => T) => T;
}

/** The part of a span of the platform that is used. */
type PlatformSpan = Pick<Span, 'setAttributes' | 'setStatus' | 'end'>;

/** A span of the platform. A fault of the tracing never reaches the turn. */
class TracedSpan implements AgentSpan {
  readonly #span: PlatformSpan;
  #hasEnded = false;

  constructor(span: PlatformSpan) {
    this.#span = span;
  }

  set(attributes: SpanAttributes): void {
    this.#safely((span) => span.setAttributes(attributes));
  }

  fail(type: string): void {
    this.#safely((span) => span.setAttributes({ 'error.type': type }).setStatus({ code: 'error' }));
  }

  end(): void {
    this.#safely((span) => span.end());
    this.#hasEnded = true;
  }

  #safely(work: (span: PlatformSpan) => void): void {
    if (this.#hasEnded) return;
    try {
      work(this.#span);
    } catch (error) {
      logError('span_failed', error);
    }
  }
}

/**
 * Returns a tracer that makes spans of the platform's tracing (`[observability.traces]` in wrangler.toml). The platform
 * decides which are kept. Without an API of the platform, there are no spans.
 */
export function platformTracer(platform: Platform = tracing): Tracer {
  return {
    span: (name, attributes, work) =>
      platform.startActiveSpan(name, (made) => {
        const span = new TracedSpan(made);
        span.set(attributes);
        return work(span);
      }),
  };
}
