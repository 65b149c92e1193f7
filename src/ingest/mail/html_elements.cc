#include "ingest/mail/html_elements.h"

#include <array>
#include <utility>

#include "base/utf8.h"

namespace winnow {
namespace {

using E = Element;

struct Row {
  std::string_view name;
  ElementFacts facts;
};

constexpr ElementFacts inline_of(E element) { return {.element = element}; }
constexpr ElementFacts void_of(E element) { return {.element = element, .is_void = true}; }
constexpr ElementFacts block_of(E element) { return {.element = element, .is_block = true}; }
constexpr ElementFacts unseen_of(E element) { return {.element = element, .is_unseen = true}; }
constexpr ElementFacts kBlock = block_of(E::Other);
constexpr ElementFacts kItem = {.is_block = true, .closes_alike = true};

// https://html.spec.whatwg.org/, sections 13.1.2 (void elements) and 15.3 (how elements are shown).
constexpr auto kRows = std::to_array<Row>({
    {"a", inline_of(E::A)},
    {"address", kBlock},
    {"applet", {.element = E::Applet, .is_barrier = true}},
    {"area", void_of(E::Area)},
    {"article", kBlock},
    {"aside", kBlock},
    {"base", void_of(E::Base)},
    {"basefont", void_of(E::Other)},
    {"bgsound", void_of(E::Other)},
    {"blockquote", block_of(E::Blockquote)},
    {"body", block_of(E::Body)},
    {"br", {.element = E::Br, .is_void = true}},
    {"button", inline_of(E::Button)},
    {"caption", {.is_block = true, .is_barrier = true}},
    {"center", kBlock},
    {"col", void_of(E::Other)},
    {"dd", kItem},
    {"details", kBlock},
    {"dir", kBlock},
    {"div", kBlock},
    {"dl", kBlock},
    {"dt", kItem},
    {"embed", void_of(E::Embed)},
    {"fieldset", kBlock},
    {"figcaption", kBlock},
    {"figure", kBlock},
    {"footer", kBlock},
    {"form", block_of(E::Form)},
    {"frame", void_of(E::Frame)},
    {"frameset", kBlock},
    {"h1", kBlock},
    {"h2", kBlock},
    {"h3", kBlock},
    {"h4", kBlock},
    {"h5", kBlock},
    {"h6", kBlock},
    {"head", unseen_of(E::Head)},
    {"header", kBlock},
    {"hr", {.element = E::Hr, .is_void = true, .is_block = true}},
    {"html", block_of(E::Html)},
    {"iframe", unseen_of(E::Iframe)},
    {"image", void_of(E::Img)},  // which browsers read as img
    {"img", void_of(E::Img)},
    {"input", void_of(E::Input)},
    {"keygen", void_of(E::Other)},
    {"legend", kBlock},
    {"li", kItem},
    {"link", void_of(E::Link)},
    {"listing", block_of(E::Pre)},
    {"main", kBlock},
    {"menu", kBlock},
    {"meta", void_of(E::Meta)},
    {"nav", kBlock},
    {"noembed", unseen_of(E::Other)},
    {"noframes", unseen_of(E::NoFrames)},
    {"object", {.element = E::Object, .is_barrier = true}},
    {"ol", kBlock},
    {"optgroup", kBlock},
    {"option", kItem},
    {"p", {.element = E::P, .is_block = true, .closes_alike = true}},
    {"param", void_of(E::Other)},
    {"pre", block_of(E::Pre)},
    {"script", unseen_of(E::Script)},
    {"section", kBlock},
    {"source", void_of(E::Other)},
    {"style", unseen_of(E::Style)},
    {"summary", kBlock},
    {"svg", inline_of(E::Svg)},
    {"table", {.element = E::Table, .is_block = true, .is_barrier = true}},
    {"tbody", kBlock},
    {"td", {.element = E::Td, .is_cell = true, .is_barrier = true, .closes_alike = true}},
    {"template", {.element = E::Template, .is_unseen = true, .is_barrier = true}},
    {"textarea", block_of(E::Textarea)},
    {"tfoot", kBlock},
    {"th", {.element = E::Td, .is_cell = true, .is_barrier = true, .closes_alike = true}},
    {"thead", kBlock},
    {"title", unseen_of(E::Title)},
    {"tr", {.element = E::Tr, .is_block = true, .closes_alike = true}},
    {"track", void_of(E::Other)},
    {"ul", kBlock},
    {"wbr", void_of(E::Other)},
    {"xmp", block_of(E::Pre)},
});

constexpr ElementFacts kOther{};
constexpr std::size_t kSlots = 256;
constexpr std::size_t kLongest = 10;  // blockquote, figcaption

constexpr std::size_t slot_of(std::string_view lower) {
  std::uint32_t hash = 2166136261;  // FNV-1a
  for (const char c : lower) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
  return (hash ^ hash >> 13) % kSlots;
}

// Open addressing: positions in kRows plus one, 0 for an empty slot.
constexpr std::array<std::uint8_t, kSlots> slots() {
  std::array<std::uint8_t, kSlots> table{};
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    auto slot = slot_of(kRows[i].name);
    while (table[slot] != 0) slot = (slot + 1) % kSlots;
    table[slot] = static_cast<std::uint8_t>(i + 1);
  }
  return table;
}

constexpr auto kTable = slots();

}  // namespace

const ElementFacts& facts_of_element(std::string_view name) {
  if (name.size() > kLongest) return kOther;
  std::array<char, kLongest> buffer{};
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    buffer[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const std::string_view lower(buffer.data(), name.size());
  for (auto slot = slot_of(lower); kTable[slot] != 0; slot = (slot + 1) % kSlots) {
    const auto& row = kRows[kTable[slot] - 1U];
    if (row.name == lower) return row.facts;
  }
  return kOther;
}

}  // namespace winnow
