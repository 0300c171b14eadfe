//go:build tools

// Package toolchain pins what is built from this module; nothing compiles this file.
package toolchain

import _ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
