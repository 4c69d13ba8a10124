#include "results/monitors/mddm.h"

namespace misfire::monitors {

namespace {

MonitorInfo mddm_e_info() {
    return mddm_info("mddm_e", "weights exp(lambda i)",
                     number("lambda", "rate at which the weights grow", "0.01", 0, 1));
}

std::vector<double> weights_of(const MonitorSettings& settings) {
    const double lambda = settings.number("lambda");
    std::vector<double> weights(settings.whole("window"));
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = std::exp(lambda * static_cast<double>(i));
    return weights;
}

class MddmE : public Mddm {
  public:
    explicit MddmE(const MonitorSettings& settings) : Mddm(mddm_e_info(), settings, weights_of(settings)) {}
};

}  // namespace

const MonitorEntry& mddm_e() {
    static const MonitorEntry entry{mddm_e_info(), make_stream<MddmE>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
