/** The widget's styles: a constructed sheet, which a policy against inline styles allows. */
import text from '../styles/widget.css';

let sheet: CSSStyleSheet | null = null;

/** One sheet for all elements on a page, made when the first of them needs it. */
export function styleSheet(): CSSStyleSheet {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
  }
  return sheet;
}
