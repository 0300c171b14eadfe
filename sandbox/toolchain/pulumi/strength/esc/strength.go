// Package zxcvbn is a second name of the other one: `pulumi env set` imports a fork of the library.
package zxcvbn

import zxcvbn "github.com/nbutton23/zxcvbn-go"

// PasswordStrength is that of the other one.
var PasswordStrength = zxcvbn.PasswordStrength
