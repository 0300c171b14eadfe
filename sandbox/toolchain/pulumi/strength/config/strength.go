// Package zxcvbn guesses how strong a password is, in place of the library of this name.
//
// `pulumi config set` asks it whether a setting called password or token should be encrypted, if
// neither --secret nor --plaintext says so. The library reads 10 MB of dictionaries each time that
// any command of `pulumi` starts: half of the processor time of the shortest ones. Without them, a
// word counts as much as other letters: more looks like a secret.
package zxcvbn

import "math"

// Printable characters of ASCII.
const alphabet = 95

// Strength is how strong a password is.
type Strength struct {
	// Entropy is the number of bits that guessing it takes.
	Entropy float64
}

// PasswordStrength counts each character as one of all that can be typed.
func PasswordStrength(password string, _ []string) Strength {
	return Strength{Entropy: float64(len(password)) * math.Log2(alphabet)}
}
