// Package hostile is what the tests of hostile input share: how good input is spoilt into seeds for a
// fuzzer, and the bound on the memory that any input may cost.
package hostile
