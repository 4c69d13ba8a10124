#include "results/monitors/mddm.h"

namespace misfire::monitors {

namespace {

MonitorInfo mddm_g_info() {
    return mddm_info("mddm_g", "weights ratio^i",
                     number("ratio", "what each value weighs in terms of the one before", "1.01", 1, 2));
}

std::vector<double> weights_of(const MonitorSettings& settings) {
    const double ratio = settings.number("ratio");
    std::vector<double> weights(settings.whole("window"));
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = std::pow(ratio, static_cast<double>(i + 1));
    return weights;
}

class MddmG : public Mddm {
  public:
    explicit MddmG(const MonitorSettings& settings) : Mddm(mddm_g_info(), settings, weights_of(settings)) {}
};

}  // namespace

const MonitorEntry& mddm_g() {
    static const MonitorEntry entry{mddm_g_info(), make_stream<MddmG>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
