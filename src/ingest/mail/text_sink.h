// Text as a reader sees it, gathered piece by piece: blanks collapsed, invisible characters left
// out (and counted), quoted blocks marked with "> " at each line, as mail programs do in plain
// text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace winnow {

class TextSink {
 public:
  explicit TextSink(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // Appends HTML text: character references resolved, blanks collapsed unless `keep_blanks`.
  void add_html(std::string_view text, bool keep_blanks);
  void line_break();  // the next text begins a new line, empty lines included
  void block();       // the next text begins a new line, if it does not already
  void blank();       // at least one blank before the next text
  void set_quote_depth(std::size_t depth) { quote_depth_ = depth; }

  const std::string& text() const { return text_; }
  std::string take() { return std::move(text_); }
  std::size_t invisible() const { return invisible_; }  // zero-width and like characters left out
  std::size_t references() const { return references_; }
  bool full() const { return text_.size() >= max_bytes_; }

 private:
  void add_run(std::string_view run);
  std::size_t add_spaces(std::string_view text, std::size_t at, bool keep_blanks);
  void begin_run();
  std::size_t add_special(std::string_view text, std::size_t at, bool keep_blanks);

  std::string text_;
  std::size_t max_bytes_;
  std::size_t quote_depth_ = 0;
  std::size_t invisible_ = 0;
  std::size_t references_ = 0;
  std::size_t pending_lines_ = 0;
  bool pending_blank_ = false;
  bool at_line_start_ = true;
};

// The bytes of an invisible character at `at` (zero-width space and joiners, soft hyphen, word
// joiner, byte order mark, variation of direction, ...), 0 when what stands there is seen.
std::size_t invisible_at(std::string_view text, std::size_t at);

// The same cleaning for plain text: invisible and control characters left out, NUL included, line
// ends as '\n', blanks at the ends of lines dropped; valid UTF-8 in and out. Linear.
std::string clean_plain_text(std::string_view text, std::size_t& invisible);

}  // namespace winnow
