// Sleeper has goroutines that sleep for hours, and reports in which order and when they wake.
package main

import (
	"fmt"
	"time"
)

func main() {
	start := time.Now()
	woken := make(chan int)
	for hours := range 5 {
		go func() {
			time.Sleep(time.Duration(hours) * time.Hour)
			woken <- hours
		}()
	}
	for range 5 {
		fmt.Println("hour", <-woken, time.Since(start).Round(time.Minute))
	}
	for tick := range time.Tick(400 * time.Millisecond) {
		if fmt.Println("tick"); tick.Sub(start) > 4*time.Hour+2*time.Second {
			break
		}
	}
}
