// Whether something stored is opened to be read only, or to be changed too.
#pragma once

namespace winnow {

enum class Access { ReadOnly, ReadWrite };

}  // namespace winnow
