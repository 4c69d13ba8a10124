#include "perturbations/image/ice_texture.h"

#include <cmath>
#include <cstdint>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/random.h"

namespace misfire {

namespace {

constexpr int rows = 600;
constexpr int columns = 900;

// Draws of one texture, one after the other: a texture is a constant, so the order of calls is part of its definition.
class Draws {
  public:
    explicit Draws(int number)
        : random_(KeyHash().add("misfire ice texture").add(static_cast<std::uint64_t>(number)).value()) {}
    double between(double low, double high) {
        return low + (high - low) * static_cast<double>(random_.uniform(0, next_++));
    }

  private:
    Random random_;
    std::uint64_t next_ = 0;
};

struct Branch {
    cv::Point2d from;
    double angle;
    double length;
    double brightness;
    int order;  // 0: stem
};

cv::Point fixed(const cv::Point2d& p) {
    return {static_cast<int>(std::lround(p.x * 16.0)), static_cast<int>(std::lround(p.y * 16.0))};
}

// A slightly bent line with side branches at 60 degrees, as ice grows; each side branch does the same, smaller.
void grow(cv::Mat& pane, const Branch& branch, Draws& draws) {
    constexpr double sixty_degrees = std::numbers::pi / 3.0;
    const double step = branch.order == 0 ? 7.0 : 5.0;
    const double bend = draws.between(-0.012, 0.012);
    cv::Point2d at = branch.from;
    double angle = branch.angle;
    for (double grown = 0.0; grown < branch.length; grown += step) {
        const double left = 1.0 - grown / branch.length;
        const cv::Point2d next = at + step * cv::Point2d(std::cos(angle), std::sin(angle));
        const double brightness = branch.brightness * (0.45 + 0.55 * left);
        const int thickness = branch.order == 0 && left > 0.5 ? 2 : 1;
        cv::line(pane, fixed(at), fixed(next), cv::Scalar(brightness), thickness, cv::LINE_AA, 4);
        if (branch.order < 2) {
            for (const double side : {-1.0, 1.0}) {
                const double share = branch.order == 0 ? 0.42 : 0.35;
                const double length = branch.length * share * left * draws.between(0.35, 1.0);
                if (length > 6.0)
                    grow(pane, {next, angle + side * sixty_degrees, length, branch.brightness * 0.8, branch.order + 1},
                         draws);
            }
        }
        angle += bend + draws.between(-0.03, 0.03);
        at = next;
    }
}

// Smooth noise in 0..1: octaves of a coarse random grid, each half as strong and twice as fine.
cv::Mat haze(Draws& draws) {
    cv::Mat sum = cv::Mat::zeros(rows, columns, CV_32F);
    double amplitude = 0.5;
    for (int cells = 4; cells <= 128; cells *= 2, amplitude *= 0.6) {
        cv::Mat grid(cells * 2 / 3 + 2, cells + 2, CV_32F), octave;
        for (int y = 0; y < grid.rows; ++y) {
            for (int x = 0; x < grid.cols; ++x) grid.at<float>(y, x) = static_cast<float>(draws.between(0.0, 1.0));
        }
        cv::resize(grid, octave, sum.size(), 0, 0, cv::INTER_CUBIC);
        sum += amplitude * octave;
    }
    cv::normalize(sum, sum, 0.0, 1.0, cv::NORM_MINMAX);
    return sum;
}

// Crystals in three generations: older ones are blurred by what froze over them.
cv::Mat crystals(Draws& draws) {
    cv::Mat sum = cv::Mat::zeros(rows, columns, CV_32F);
    for (int generation = 0; generation < 3; ++generation) {
        cv::Mat pane = cv::Mat::zeros(rows, columns, CV_8U);
        for (int i = 0; i < 16; ++i) {
            const cv::Point2d seed(draws.between(-40.0, columns + 40.0), draws.between(-40.0, rows + 40.0));
            const double first = draws.between(0.0, 2.0 * std::numbers::pi);
            const int arms = draws.between(0.0, 1.0) < 0.5 ? 2 : 5;
            for (int arm = 0; arm < arms; ++arm) {
                const double angle = first + arm * std::numbers::pi / 3.0;
                grow(pane, {seed, angle, draws.between(80.0, 300.0), draws.between(110.0, 235.0), 0}, draws);
            }
        }
        const double softness = 2.2 - 0.8 * generation;
        cv::Mat soft;
        cv::GaussianBlur(pane, soft, cv::Size(), softness);
        cv::Mat layer;
        soft.convertTo(layer, CV_32F, 1.0 / 255.0);
        sum = cv::max(sum, layer * (0.7 + 0.15 * generation));
    }
    return sum;
}

}  // namespace

cv::Mat ice_texture(int number) {
    Draws draws(number);
    const cv::Mat cloud = haze(draws);
    const cv::Mat ice = crystals(draws);
    cv::Mat glow;
    cv::GaussianBlur(ice, glow, cv::Size(), 9.0);
    cv::Mat texture(rows, columns, CV_8UC3);
    for (int y = 0; y < rows; ++y) {
        for (int x = 0; x < columns; ++x) {
            const double light = 0.30 + 0.75 * static_cast<double>(cloud.at<float>(y, x)) +
                                 0.65 * static_cast<double>(glow.at<float>(y, x)) +
                                 0.75 * static_cast<double>(ice.at<float>(y, x));
            // The thin ice is bluish, the thick one white.
            const double shown = light / (1.0 + 0.35 * light);
            const cv::Vec3d tint(shown * (0.62 + 0.38 * shown), shown * (0.82 + 0.18 * shown), shown);
            for (int c = 0; c < 3; ++c)
                texture.at<cv::Vec3b>(y, x)[c] = cv::saturate_cast<std::uint8_t>(255.0 * tint[c]);
        }
    }
    return texture;
}

}  // namespace misfire
