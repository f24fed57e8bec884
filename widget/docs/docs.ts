/** Shows the OpenAPI document of this deployment with swagger-ui, which its own script puts on `window`. */

interface ViewerOptions {
  url: string;
  dom_id: string;
  deepLinking: boolean;
  defaultModelsExpandDepth: number;
  /** `null`: the document is sent to no other server to be validated. */
  validatorUrl: null;
}

const viewer = window as unknown as { SwaggerUIBundle: (options: ViewerOptions) => unknown };
viewer.SwaggerUIBundle({
  url: '/v1/openapi.json',
  dom_id: '#document',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});

// The viewer has dark colours of its own, switched on by this class.
const darkScheme = matchMedia('(prefers-color-scheme: dark)');
function followScheme(): void {
  document.documentElement.classList.toggle('dark-mode', darkScheme.matches);
}
darkScheme.addEventListener('change', followScheme);
followScheme();
