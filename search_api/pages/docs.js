const manual = document.getElementById("manual");
SwaggerUIBundle({
  url: manual.dataset.openapi,
  domNode: manual,
  deepLinking: true,
  validatorUrl: null, // the viewer's default would send the document to a validator on the network
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
});
