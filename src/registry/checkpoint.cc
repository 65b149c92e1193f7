#include "registry/checkpoint.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow {
namespace {

constexpr std::size_t kMaxNoteBytes = 1UL << 20;
constexpr std::size_t kMaxSignatures = 64;
constexpr std::size_t kKeyHashBytes = 4;
constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // an em dash and a space
constexpr char kEd25519Type = 1;

Error bad_note(std::string_view why) {
  return {Code::InvalidArgument, fmt::format("this is not a signed note: {}", why)};
}

bool is_note_text(std::string_view text) {
  return is_valid_utf8(text) && std::none_of(text.begin(), text.end(),
                                             [](unsigned char c) { return c < 0x20 && c != '\n'; });
}

bool is_key_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return c > 0x20 && c < 0x7F && c != '+';
  });
}

std::string big_endian(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(value >> shift & 255));
  return out;
}

std::uint32_t from_big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const unsigned char byte : bytes.substr(0, kKeyHashBytes)) value = value << 8 | byte;
  return value;
}

Result<NoteSignature> signature_of(std::string_view line) {
  if (!line.starts_with(kSignaturePrefix))
    return bad_note("a signature line does not begin with a dash");
  line.remove_prefix(kSignaturePrefix.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) {
    return bad_note("a signature line does not name its key");
  }
  const auto bytes = from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() <= kKeyHashBytes)
    return bad_note("a signature is not base64 or too short");
  return NoteSignature{std::string(line.substr(0, space)), from_big_endian(*bytes),
                       bytes->substr(kKeyHashBytes)};
}

// Takes the next line off `text`; nothing when there is none that ends.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

Result<Checkpoint> checkpoint_of_body(std::string_view body) {
  const auto origin = take_line(body), size = take_line(body), root = take_line(body);
  const auto bad = Error(Code::InvalidArgument,
                         "the note's text is not a checkpoint of origin, size and root hash");
  if (!origin || !size || !root || origin->empty()) return bad;
  Checkpoint checkpoint;
  checkpoint.origin = *origin;
  const auto [end, error] =
      std::from_chars(size->data(), size->data() + size->size(), checkpoint.size);
  const bool canonical = error == std::errc() && end == size->data() + size->size() &&
                         std::to_string(checkpoint.size) == *size;
  const auto hash = from_base64(*root);
  if (!canonical || !hash || hash->size() != Digest::kBytes) return bad;
  WINNOW_TRY(checkpoint.root, Digest::from_hex(to_hex(*hash)));
  return checkpoint;
}

}  // namespace

Result<Note> note_of(std::string_view text) {
  if (text.size() > kMaxNoteBytes) {
    return Error(Code::Exhausted, fmt::format("a note of {} bytes is larger than the {} allowed",
                                              text.size(), kMaxNoteBytes));
  }
  if (!is_note_text(text)) return bad_note("it is not UTF-8 without control characters");
  // The last empty line is the border: the text may hold empty lines itself.
  const auto border = text.rfind("\n\n");
  if (border == std::string_view::npos || !text.ends_with('\n'))
    return bad_note("no signatures follow an empty line");
  Note note;
  note.text = text.substr(0, border + 1);
  auto rest = text.substr(border + 2);
  while (const auto line = take_line(rest)) {
    if (note.signatures.size() == kMaxSignatures)
      return Error(Code::Exhausted, "the note has too many signatures");
    WINNOW_TRY(auto signature, signature_of(*line));
    note.signatures.push_back(std::move(signature));
  }
  if (note.signatures.empty()) return bad_note("it has no signature");
  return note;
}

std::string to_text(const Note& note) {
  std::string out = note.text + "\n";
  for (const auto& signature : note.signatures) {
    out += fmt::format("{}{} {}\n", kSignaturePrefix, signature.name,
                       to_base64(big_endian(signature.key_hash) + signature.bytes));
  }
  return out;
}

std::uint32_t note_key_hash(std::string_view name, const Ed25519PublicKey& key) {
  const auto digest = sha256(fmt::format("{}\n{}{}", name, kEd25519Type, key.raw()));
  return from_big_endian(digest.as_text());
}

std::string note_verifier_key(std::string_view name, const Ed25519PublicKey& key) {
  return fmt::format("{}+{:08x}+{}", name, note_key_hash(name, key),
                     to_base64(fmt::format("{}{}", kEd25519Type, key.raw())));
}

std::string body_of(const Checkpoint& checkpoint) {
  return fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size,
                     to_base64(checkpoint.root.as_text()));
}

Result<Checkpoint> checkpoint_of(std::string_view note_text) {
  WINNOW_TRY(const auto note, note_of(note_text));
  return checkpoint_of_body(note.text);
}

Result<std::string> sign(const Checkpoint& checkpoint, const KeyRing& keys) {
  Note note{body_of(checkpoint), {}};
  WINNOW_TRY(auto signature, keys.sign(note.text));
  note.signatures.push_back({checkpoint.origin,
                             note_key_hash(checkpoint.origin, keys.current().public_key),
                             std::move(signature)});
  return to_text(note);
}

Result<Checkpoint> verify_checkpoint(std::string_view note_text, const KeyRing& keys) {
  WINNOW_TRY(const auto note, note_of(note_text));
  WINNOW_TRY(const auto checkpoint, checkpoint_of_body(note.text));
  // Signatures by keys we do not know (witnesses) say nothing to us; one by a known key must hold.
  bool signed_by_us = false;
  for (const auto& signature : note.signatures) {
    if (signature.name != checkpoint.origin) continue;
    for (const auto& key : keys.keys()) {
      if (note_key_hash(signature.name, key.public_key) != signature.key_hash) continue;
      if (!key.public_key.verifies(note.text, signature.bytes)) {
        return Error(
            Code::Denied,
            fmt::format("the checkpoint of {} entries bears a forged signature", checkpoint.size));
      }
      signed_by_us = true;
    }
  }
  if (!signed_by_us) {
    return Error(
        Code::Denied,
        fmt::format("the checkpoint of {} entries is not signed by a key of this workspace",
                    checkpoint.size));
  }
  return checkpoint;
}

}  // namespace winnow
