//go:build tools

// Package toolchain pins what is built from this module; nothing compiles this file.
package toolchain

import _ "sigs.k8s.io/kwok/cmd/kwok"
