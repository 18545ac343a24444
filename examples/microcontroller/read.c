/* Reads pictures from standard input and says what each shows: the number of the class and how
 * probable it is, 0 to 65535.
 *
 *     scrawl export runs/micro micro.h
 *     cc -Os -std=c99 -DMODEL='"micro.h"' -DREAD=micro_read -DSIZE=784 read.c -o read
 *     ./read < pictures
 *
 * A picture is SIZE bytes, row by row, 0 for paper. On a microcontroller the same call reads what a
 * touch screen or a camera gave; nothing else of this file is needed there. */

#include <stdio.h>

#include MODEL

int main(void)
{
    static uint8_t pixels[SIZE];
    while (fread(pixels, 1, SIZE, stdin) == SIZE) {
        uint16_t confidence;
        int answer = READ(pixels, &confidence);
        printf("%d %u\n", answer, (unsigned)confidence);
    }
    return 0;
}
