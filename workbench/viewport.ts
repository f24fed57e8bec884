import type { Point } from './graph-layout.ts';

const MAX_SCALE = 2.5;
const ZOOM_STEP = 1.25;
const PAN_STEP_PX = 60;
/** A pointer that moved less than this pressed; one that moved more dragged. */
const DRAG_THRESHOLD_PX = 4;
/** The least scale at which a name can be read. A larger picture is shown in part until the user asks for all of it. */
const READABLE_SCALE = 0.78;

/** The visible part of a picture: its scale (pixels for each unit) and its corner. Moves the SVG's view box. */
export class Viewport {
  readonly #svg: SVGSVGElement;
  #size = { width: 1, height: 1 };
  #scale = 1;
  #x = 0;
  #y = 0;
  /** The least scale that the picture was fitted by; `null` once the user has moved it. */
  #fitted: number | null = READABLE_SCALE;

  constructor(svg: SVGSVGElement) {
    this.#svg = svg;
    svg.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    svg.addEventListener('pointerdown', (event) => this.#drag(event));
    new ResizeObserver(() => (this.#fitted === null ? this.#apply() : this.#fitTo(this.#fitted))).observe(
      svg,
    );
  }

  /** A picture of another size: all of it where it can be read then, else from its beginning. */
  resize(width: number, height: number): void {
    this.#size = { width: Math.max(width, 1), height: Math.max(height, 1) };
    this.#fitTo(READABLE_SCALE);
  }

  /** The whole picture, however small. */
  fit(): void {
    this.#fitTo(0);
  }

  #fitTo(leastScale: number): void {
    const { clientWidth: width, clientHeight: height } = this.#svg;
    const whole = Math.min(width / this.#size.width, height / this.#size.height, 1.25);
    this.#scale = Math.max(whole, leastScale, 0.1);
    this.#x = (this.#size.width - width / this.#scale) / 2;
    // A picture that is taller than its frame shows where it begins.
    this.#y = Math.min(0, (this.#size.height - height / this.#scale) / 2);
    this.#fitted = leastScale;
    this.#apply();
  }

  zoom(direction: 1 | -1, around?: Point): void {
    const { clientWidth: width, clientHeight: height } = this.#svg;
    const at = around ?? { x: width / 2, y: height / 2 };
    const scale = Math.min(Math.max(this.#scale * ZOOM_STEP ** direction, 0.15), MAX_SCALE);
    this.#x += at.x / this.#scale - at.x / scale;
    this.#y += at.y / this.#scale - at.y / scale;
    this.#scale = scale;
    this.#fitted = null;
    this.#apply();
  }

  /** Moves the picture by steps of the keyboard. */
  pan(right: number, down: number): void {
    this.#x += (right * PAN_STEP_PX) / this.#scale;
    this.#y += (down * PAN_STEP_PX) / this.#scale;
    this.#fitted = null;
    this.#apply();
  }

  /** Moves as little as shows a point with some room around it. */
  reveal({ x, y }: Point): void {
    const width = this.#svg.clientWidth / this.#scale;
    const height = this.#svg.clientHeight / this.#scale;
    const room = { x: Math.min(100, width / 3), y: Math.min(60, height / 3) };
    this.#x = Math.min(Math.max(this.#x, x + room.x - width), x - room.x);
    this.#y = Math.min(Math.max(this.#y, y + room.y - height), y - room.y);
    this.#apply();
  }

  #apply(): void {
    const { clientWidth, clientHeight } = this.#svg;
    if (clientWidth === 0 || clientHeight === 0) return;
    const box = [this.#x, this.#y, clientWidth / this.#scale, clientHeight / this.#scale];
    this.#svg.setAttribute('viewBox', box.map((value) => value.toFixed(2)).join(' '));
  }

  /** On a page that scrolls, the wheel is the page's unless a zooming key is held. */
  #wheel(event: WheelEvent): void {
    const pageScrolls = document.documentElement.scrollHeight > window.innerHeight + 1;
    if (pageScrolls && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const { left, top } = this.#svg.getBoundingClientRect();
    this.zoom(event.deltaY < 0 ? 1 : -1, { x: event.clientX - left, y: event.clientY - top });
  }

  #drag(start: PointerEvent): void {
    if (start.button !== 0) return;
    let [x, y] = [start.clientX, start.clientY];
    let isDragging = false;
    const move = (event: PointerEvent) => {
      isDragging ||= Math.hypot(event.clientX - x, event.clientY - y) > DRAG_THRESHOLD_PX;
      if (!isDragging) return;
      this.#svg.setPointerCapture(event.pointerId);
      this.#x -= (event.clientX - x) / this.#scale;
      this.#y -= (event.clientY - y) / this.#scale;
      [x, y] = [event.clientX, event.clientY];
      this.#fitted = null;
      this.#apply();
    };
    const end = new AbortController();
    this.#svg.addEventListener('pointermove', move, { signal: end.signal });
    for (const type of ['pointerup', 'pointercancel'] as const) {
      this.#svg.addEventListener(type, () => end.abort(), { signal: end.signal });
    }
  }
}
