// A signed statement of how an audit log stands: https://c2sp.org/tlog-checkpoint in a
// https://c2sp.org/signed-note.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/result.h"
#include "registry/key_ring.h"

namespace winnow {

struct NoteSignature {
  std::string name;  // of the key
  std::uint32_t key_hash;
  std::string bytes;  // without the key hash
};
struct Note {
  std::string text;  // ends with a newline
  std::vector<NoteSignature> signatures;
};
// Errors: InvalidArgument (not a signed note), Exhausted (too long, too many signatures).
Result<Note> note_of(std::string_view text);
std::string to_text(const Note& note);

std::uint32_t note_key_hash(std::string_view name, const Ed25519PublicKey& key);
std::string note_verifier_key(std::string_view name,
                              const Ed25519PublicKey& key);  // as Go's note.NewVerifier takes it

struct Checkpoint {
  std::string origin;  // which log; also the name of its note keys
  std::uint64_t size = 0;
  Digest root;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};
std::string body_of(const Checkpoint& checkpoint);  // the three lines that are signed
Result<Checkpoint> checkpoint_of(
    std::string_view note_text);  // unverified. Errors: InvalidArgument, Exhausted

Result<std::string> sign(const Checkpoint& checkpoint, const KeyRing& keys);
// Errors: InvalidArgument, Denied (no key of the ring signed it under the origin's name).
Result<Checkpoint> verify_checkpoint(std::string_view note_text, const KeyRing& keys);

}  // namespace winnow
