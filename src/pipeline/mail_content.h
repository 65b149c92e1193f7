// Who may know what a mail says is shown all of it; who may not, what stands around it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace winnow {

enum class MailContent : std::uint8_t { Shown, Redacted };

// `reason` as somebody hears it: whole, or without what it quotes. What stands in quotation marks
// or parentheses may come from the mail's text or be the name of a file, so all of it becomes "…",
// measures apart: "a program is attached (…)", "the text is long (412 words)".
std::string reason_for(MailContent content, std::string_view reason);

}  // namespace winnow
