//go:build tools

// Package toolchain pins what is built from this module; nothing compiles this file.
package toolchain

import (
	_ "github.com/pulumi/pulumi/sdk/v3/go/pulumi-language-go"
	_ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
)
