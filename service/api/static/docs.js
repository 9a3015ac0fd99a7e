// Shows the contract of this very service in Swagger UI. All addresses are relative, so a path prefix doesn't matter.
"use strict";
SwaggerUIBundle({
  url: "openapi.yaml",
  dom_id: "#docs",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
