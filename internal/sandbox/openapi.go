package sandbox

import _ "embed"

// OpenAPI is the contract that the sandbox keeps, as an OpenAPI 3.0 document in
// YAML. It was written from the vendor's reference of the API, and documents what
// the sandbox does where the reference says nothing.
//
//go:embed openapi.yaml
var OpenAPI []byte
