// A date that is read lies in the years that are allowed, and reads back from its RFC 3339 form.
#include <cstdlib>

#include "ingest/mail/mail_date.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto date = winnow::read_mail_date({reinterpret_cast<const char*>(data), size});
  if (!date) return 0;
  const auto year = winnow::civil(*date).year;
  if (year < 1970 || year > 2200) std::abort();
  if (winnow::read_mail_date(date->text()) != date) std::abort();
  return 0;
}
