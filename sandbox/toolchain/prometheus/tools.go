//go:build tools

// Package toolchain pins what is built from this module; nothing compiles this file.
package toolchain

import _ "github.com/prometheus/prometheus/cmd/prometheus"
