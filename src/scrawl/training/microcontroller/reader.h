#ifndef NAME_H
#define NAME_H

#include <stdint.h>

#define NAME_HEIGHT @height@
#define NAME_WIDTH @width@
#define NAME_PIXEL_MAX @pixel_max@ /* full ink; 0 is paper */
#define NAME_CLASSES @classes@
#define NAME_LETTERS @letters@ /* the first of the classes; the others are no sign to be read */
#define NAME_SURE 65535 /* a confidence of 1 */
#define NAME_THRESHOLD @threshold@ /* an answer below this confidence is uncertain */

typedef struct {
    const int8_t *weights; /* [filters][kernel_height][kernel_width][channels] */
    const int32_t *bias, *multiplier; /* [filters] */
    int16_t height, width, channels, out_height, out_width, filters;
    int8_t kernel_height, kernel_width, stride, top, left, pool, shift;
} NAME_layer;

/* What each class is called. */
static const char *const NAME_names[NAME_CLASSES] = {@names@};

@arrays@
static const NAME_layer NAME_layers[@count@] = {
@layers@
};

/* 2 ** (-n / 32) */
static const uint16_t NAME_powers[33] = {@powers@};

/* Activations: a layer reads from one end and writes to the other. */
static uint8_t NAME_memory[@memory@];

/* The products of a kernel with what it covers at a place; what lies outside is 0. */
static int32_t NAME_sum(const NAME_layer *layer, const uint8_t *in, const int8_t *weights,
                        int y, int x)
{
    int above = y * layer->stride - layer->top, left = x * layer->stride - layer->left;
    int first = left < 0 ? -left : 0;
    int end = layer->width - left < layer->kernel_width ? layer->width - left
                                                            : layer->kernel_width;
    int32_t sum = 0;
    for (int row = 0; row < layer->kernel_height; row++) {
        int line = above + row;
        if (line < 0 || line >= layer->height)
            continue;
        const uint8_t *pixel = in + ((int32_t)line * layer->width + left + first) * layer->channels;
        const int8_t *weight =
            weights + ((int32_t)row * layer->kernel_width + first) * layer->channels;
        for (int left_over = (end - first) * layer->channels; left_over > 0; left_over--)
            sum += *pixel++ * *weight++;
    }
    return sum;
}

/* The largest sum of a square of pool x pool places, scaled to what the next layer takes. */
static int32_t NAME_value(const NAME_layer *layer, const uint8_t *in, int y, int x,
                          int filter)
{
    const int8_t *weights = layer->weights + (int32_t)filter * layer->kernel_height *
                                                 layer->kernel_width * layer->channels;
    int32_t best = INT32_MIN;
    for (int row = 0; row < layer->pool; row++)
        for (int column = 0; column < layer->pool; column++) {
            int32_t sum =
                NAME_sum(layer, in, weights, y * layer->pool + row, x * layer->pool + column);
            if (sum > best)
                best = sum;
        }
    int64_t scaled = ((int64_t)best + layer->bias[filter]) * layer->multiplier[filter];
    int64_t half = (int64_t)1 << (layer->shift - 1);
    return scaled < 0 ? -(int32_t)((half - scaled) >> layer->shift)
                      : (int32_t)((scaled + half) >> layer->shift);
}

/* How probable the largest of the logits is, in units of 1 / NAME_SURE. */
static uint16_t NAME_share(const int32_t *logits, int32_t best)
{
    uint32_t all = 0;
    for (int which = 0; which < NAME_CLASSES; which++) {
        uint32_t fall = (uint32_t)(best - logits[which]);
        if (fall > 0xfffff)
            fall = 0xfffff;
        uint32_t step = (fall & 0xffff) >> 11, rest = fall & 0x7ff;
        uint32_t here = NAME_powers[step], there = NAME_powers[step + 1];
        all += (here - ((here - there) * rest >> 11)) >> (fall >> 16);
    }
    return (uint16_t)((uint32_t)NAME_SURE * NAME_SURE / all);
}

/* Reads a picture of NAME_HEIGHT x NAME_WIDTH pixels, row by row, 0 for paper, NAME_PIXEL_MAX for
 * ink, centred as MNIST's are. Gives the class, and in *confidence how probable it is, 0 to
 * NAME_SURE. Nothing is allocated; not to be called again before it returns. */
static int NAME_read(const uint8_t *pixels, uint16_t *confidence)
{
    static int32_t logits[NAME_CLASSES];
    const uint8_t *in = pixels;
    for (int place = 0; place < @count@; place++) {
        const NAME_layer *layer = &NAME_layers[place];
        int32_t size = (int32_t)layer->out_height * layer->out_width * layer->filters;
        uint8_t *out = place % 2 ? NAME_memory : NAME_memory + sizeof NAME_memory - size;
        for (int y = 0, at = 0; y < layer->out_height; y++)
            for (int x = 0; x < layer->out_width; x++)
                for (int filter = 0; filter < layer->filters; filter++, at++) {
                    int32_t value = NAME_value(layer, in, y, x, filter);
                    if (place == @count@ - 1)
                        logits[filter] = value;
                    else
                        out[at] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
                }
        in = out;
    }
    int best = 0;
    for (int which = 1; which < NAME_CLASSES; which++)
        if (logits[which] > logits[best])
            best = which;
    *confidence = NAME_share(logits, logits[best]);
    return best;
}

#endif
