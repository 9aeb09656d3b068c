// Package api is the contract of the REST interface, openapi.yaml, and what is generated from it.
//
//go:generate go tool oapi-codegen -config config.yaml openapi.yaml
package api

import _ "embed"

// Contract is openapi.yaml as it stands.
//
//go:embed openapi.yaml
var Contract []byte
