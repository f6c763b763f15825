//go:build tools

// Package interop pins the Go program that the tests put into one ring with ours.
package interop

import _ "github.com/pierrre/imageserver/examples/groupcache"
