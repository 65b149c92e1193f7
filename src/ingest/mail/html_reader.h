// The reader behind html.h: which elements are open, how their text looks, what the tags load.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mail/html.h"
#include "ingest/mail/html_elements.h"
#include "ingest/mail/html_style.h"
#include "ingest/mail/html_tokenizer.h"
#include "ingest/mail/text_sink.h"

namespace winnow::detail {

// An element that is open, with how the text in it looks.
struct OpenElement {
  std::uint32_t name = 0;
  const ElementFacts* facts = nullptr;
  HtmlStyle style;
  bool quotes = false;
};

class HtmlReader {
 public:
  explicit HtmlReader(const HtmlLimits& limits)
      : limits_(limits), visible_(limits.text_bytes), hidden_(limits.text_bytes) {}

  HtmlContent read(std::string_view html);

 private:
  HtmlStyle style() const { return open_.empty() ? HtmlStyle() : open_.back().style; }
  bool is_hidden() const { return hides_; }

  void add_text(const HtmlToken& token);
  void start(const HtmlToken& tag);
  void end(const HtmlToken& tag);
  void open(const HtmlToken& tag, std::uint32_t name, const ElementFacts& facts,
            const HtmlStyle& style);
  void close_to(std::size_t size);
  void close_implied(std::uint32_t name, const ElementFacts& facts);
  void leave_head(Element element);
  HtmlStyle style_of(const HtmlToken& tag, const ElementFacts& facts);
  void begin_block();
  void style_changed();
  void look_at(const HtmlToken& tag, const ElementFacts& facts, const HtmlStyle& style);
  void look_at_image(const HtmlToken& tag, bool hidden);
  void look_at_meta(const HtmlToken& tag);
  void look_at_input(const HtmlToken& tag);
  void open_anchor(const HtmlToken& tag, bool hidden);
  void close_anchor();
  void add_link(LinkKind kind, std::string url, bool hidden, std::string text = {});

  const HtmlLimits& limits_;
  HtmlContent content_;
  TextSink visible_;
  TextSink hidden_;
  HiddenNames hidden_names_;
  std::vector<OpenElement> open_;
  std::array<std::uint32_t, 256> open_count_{};  // by the low byte of the name's hash
  std::size_t unremembered_ = 0;                 // open elements beyond the limit
  std::size_t quote_depth_ = 0;
  std::size_t pre_depth_ = 0;
  std::size_t unseen_depth_ = 0;
  bool hides_ = false;
  bool in_style_ = false;
  std::optional<HtmlLink> anchor_;  // the link whose text is being read
  std::size_t anchor_begin_ = 0;    // in the visible text
  std::size_t anchor_hidden_begin_ = 0;
  std::uint32_t anchor_images_ = 0;  // pictures seen before it
};

// The value of an attribute as written, without outer blanks; empty when absent.
std::string_view attribute_of(const HtmlToken& tag, std::string_view name);

}  // namespace winnow::detail
