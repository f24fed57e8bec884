/** The build gives the text of a style sheet that is imported, made small. */
declare module '*.css' {
  const text: string;
  export default text;
}
